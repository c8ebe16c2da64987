"""Installs a package with a plug-in, as pip would, for tests of plug-ins."""

import importlib


def install_plugin(folder, monkeypatch, kind, name, code):
    """Put a package with the module `outside_<name>` on the path; its class `Component` is the plug-in `name`."""
    module = f"outside_{name}"
    (folder / f"{module}.py").write_text(code)
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: outside-{name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[triptych.{kind}]\n{name} = {module}:Component\n")
    monkeypatch.syspath_prepend(str(folder))
    importlib.invalidate_caches()

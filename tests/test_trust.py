import json

import pytest

from outside_package import install_plugin
from triptych.config import load_config
from triptych.errors import TriptychError
from triptych.trust import check_servers, key_for, key_variable, origin, remember_servers, servers_of

ELSEWHERE = "openai:x@http://elsewhere:8000/v1"


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("TRIPTYCH_CONFIG", str(tmp_path / "settings"))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "TRIPTYCH_SERVERS"):
        monkeypatch.delenv(name, raising=False)


def _config(*settings):
    return load_config(None, settings)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:11434/v1", "http://localhost:11434"),
        ("HTTPS://API.OpenAI.com:443/v1", "https://api.openai.com"),
        ("http://[::1]:80/v1", "http://[::1]"),
        ("http://gpu-7.plant:8000", "http://gpu-7.plant:8000"),
    ],
)
def test_a_server_is_scheme_host_and_port(url, expected):
    assert origin(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://api.openai.com@evil.example/v1",
        "https://user:secret@host/v1",
        "https://host/v1?key=secret",
        "https://host/v1#secret",
        "ftp://host/v1",
        "http:///v1",
        "http://host:99999/v1",
        "http://api.openai.com\\.evil.example/v1",
        "http://ho st/v1",
        "http://\u0430pi.openai.com/v1",
        "http://ho%73t/v1",
        "elsewhere:8000",
    ],
)
def test_a_url_that_hides_its_host_or_holds_a_secret_is_refused_without_repeating_the_secret(url):
    with pytest.raises(TriptychError, match="server ") as error:
        origin(url)
    assert "secret" not in str(error.value)


def test_a_key_belongs_to_one_server(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "cloud")
    monkeypatch.setenv(key_variable("gpu-7.plant"), "own")
    assert key_for("https://api.openai.com/v1") == "cloud"
    assert key_for("http://gpu-7.plant:8000/v1") == "own"
    for url in ("http://api.openai.com/v1", "https://api.openai.com.evil/v1", "http://gpu.7.plant/v1", "http://e/v1"):
        assert key_for(url) is None
    monkeypatch.setenv("OPENAI_BASE_URL", "https://ours.example/v1")
    assert key_for("https://ours.example/v1") == "cloud"
    assert key_for("https://api.openai.com/v1") is None


def test_hosts_do_not_share_a_variable():
    hosts = ("a.b", "a-b", "a_b", "a.b.c", "a-b.c", "a.b-c", "::1")
    assert len({key_variable(host) for host in hosts}) == len(hosts)
    assert key_variable("gpu-7.plant") == "TRIPTYCH_KEY_GPU__7_PLANT"


@pytest.mark.parametrize("setting", ["answers.vlm", "answers.llm"])
def test_a_server_that_was_not_named_on_this_machine_is_refused(tmp_path, setting):
    with pytest.raises(TriptychError) as error:
        check_servers(_config(f"{setting}={ELSEWHERE}"), tmp_path)
    for part in (str(tmp_path), setting, "--allow-server http://elsewhere:8000", "TRIPTYCH_SERVERS", "allow_servers"):
        assert part in str(error.value)


def test_the_server_of_an_expert_must_be_named_too(tmp_path, monkeypatch):
    code = "class Component:\n    server = staticmethod(lambda argument: argument)\n"
    install_plugin(tmp_path, monkeypatch, "expert", "far", code)
    with pytest.raises(TriptychError, match=r"experts\.far:http.*--allow-server http://elsewhere:8000"):
        check_servers(_config("experts=['panels', 'far:http://elsewhere:8000']"), tmp_path)


def test_loopback_and_the_cloud_are_servers_like_any_other(tmp_path):
    for source in ("openai:x@http://127.0.0.1:9/v1", "openai:x@http://localhost:9/v1", "openai:x"):
        with pytest.raises(TriptychError, match="--allow-server"):
            check_servers(_config(f"answers.llm={source}"), tmp_path)


def test_a_server_may_be_named_in_the_call_or_in_the_environment(tmp_path, monkeypatch):
    config = _config(f"answers.llm={ELSEWHERE}")
    check_servers(config, tmp_path, ["http://elsewhere:8000/v1"])
    with pytest.raises(TriptychError, match="http://elsewhere:8000"):
        check_servers(config, tmp_path, ["https://elsewhere:8000", "http://elsewhere", "http://elsewhere:8001"])
    monkeypatch.setenv("TRIPTYCH_SERVERS", "http://other, http://elsewhere:8000")
    check_servers(config, tmp_path)


def test_servers_used_in_training_are_remembered_on_this_machine(tmp_path):
    remember_servers(_config("answers.vlm=openai:y@http://other"))
    remember_servers(_config(f"answers.llm={ELSEWHERE}"))
    check_servers(_config(f"answers.llm={ELSEWHERE}", "answers.vlm=openai:y@http://other"), tmp_path)
    kept = json.loads((tmp_path / "settings" / "servers.json").read_text())
    assert kept == {"servers": ["http://elsewhere:8000", "http://other"]}


def test_a_place_that_cannot_be_written_or_read_stops_nothing(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("TRIPTYCH_CONFIG", str(tmp_path / "file"))
    remember_servers(_config(f"answers.llm={ELSEWHERE}"))
    with pytest.raises(TriptychError, match="--allow-server"):
        check_servers(_config(f"answers.llm={ELSEWHERE}"), tmp_path)


@pytest.mark.parametrize("setting", ["answers.vlm", "answers.llm", "encoders.image", "encoders.text"])
def test_a_hub_id_that_is_not_on_this_machine_names_the_hub(tmp_path, monkeypatch, setting):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    assert servers_of(_config(f"{setting}=transformers:some/model")) == {setting: "https://huggingface.co"}
    assert servers_of(_config(f"{setting}=transformers:{tmp_path}")) == {}
    assert servers_of(_config(f"{setting}=transformers:/moved/away")) == {}
    remember_servers(_config(f"{setting}=transformers:some/model"))
    with pytest.raises(TriptychError, match=r"--allow-server https://huggingface\.co"):
        check_servers(_config(f"{setting}=transformers:some/model"), tmp_path)


def test_components_that_need_no_network_name_no_server():
    assert servers_of(_config()) == {}

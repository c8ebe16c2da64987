"""Breaks the implementation of each of the paper's equations, and checks that a test fails.

Every change is made in a copy of the package. Its test file must pass before and fail after the change.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from result_files import write_result

from triptych.evaluation.environment import environment, environment_line

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Break:
    """One change to one file of the package, and the test file that must detect it."""

    equation: str
    change: str
    file: str
    before: str
    after: str
    tests: str


ITC, STAGES, CMAF = "network/contrastive_loss.py", "network/pfa.py", "network/cmaf.py"
PHASES, TDA, METRICS = "network/phases.py", "augment/class_gaussian.py", "evaluation/metrics.py"
BREAKS = (
    Break(
        "1",
        "the LLM's prompt lacks the description",
        "answers/prompts.py",
        "description=description or NO_DESCRIPTION,",
        'description="",',
        "answers/test_ask.py",
    ),
    Break(
        "1",
        "the LLM's prompt lacks the readings",
        "answers/prompts.py",
        "facts=listed(facts),",
        'facts="",',
        "answers/test_ask.py",
    ),
    Break(
        "2",
        "both texts share one encoder",
        "encoders/text.py",
        "        return TextNetwork(self.folder())",
        "        self._one = vars(self).get('_one') or TextNetwork(self.folder())\n        return self._one",
        "network/test_branches.py",
    ),
    Break(
        "3",
        "cosine similarity without normalisation",
        ITC,
        "F.normalize(image, dim=1) @",
        "image @",
        "network/test_contrastive_loss.py",
    ),
    Break("3", "no temperature", ITC, ".T / temperature", ".T", "network/test_contrastive_loss.py"),
    Break(
        "3",
        "similarity with the opposite sign",
        ITC,
        "similarity = F",
        "similarity = -F",
        "network/test_contrastive_loss.py",
    ),
    Break(
        "4",
        "only the loss from image to text",
        ITC,
        "+ F.cross_entropy(similarity.T, own)",
        "",
        "network/test_contrastive_loss.py",
    ),
    Break(
        "4",
        "equal texts are negatives",
        ITC,
        "if same_text is not None:",
        "if False:",
        "network/test_contrastive_loss.py",
    ),
    Break(
        "5",
        "no loss for the VLM branch",
        PHASES,
        "for text in TEXTS]).sum()",
        "for text in TEXTS[:1]]).sum()",
        "network/test_phases.py",
    ),
    Break(
        "Figure 5",
        "the ranking is reversed",
        STAGES,
        "argsort(stable=True)",
        "argsort(stable=True, descending=True)",
        "network/test_pfa.py",
    ),
    Break(
        "Figure 5",
        "ranking by the pair of image and LLM only",
        PHASES,
        "for text in TEXTS), torch.tensor(0.0)) / len(TEXTS)",
        "for text in TEXTS[:1]), torch.tensor(0.0))",
        "network/test_phases.py",
    ),
    Break(
        "Figure 6",
        "the VLM branch is aligned first",
        "network/network.py",
        'TEXTS = ("llm", "vlm")',
        'TEXTS = ("vlm", "llm")',
        "network/test_phases.py",
    ),
    Break(
        "6",
        "query and key are exchanged",
        CMAF,
        '"vlm", "llm", "image"',
        '"llm", "vlm", "image"',
        "network/test_cmaf.py",
    ),
    Break("7", "no division by the square root of r", CMAF, " / math.sqrt(self.reduced)", "", "network/test_cmaf.py"),
    Break("7", "softmax over the wrong axis", CMAF, "dim=-1)", "dim=-2)", "network/test_cmaf.py"),
    Break(
        "7",
        "no sigmoid",
        CMAF,
        "torch.sigmoid(weights) if self.sigmoid else weights",
        "weights",
        "network/test_cmaf.py",
    ),
    Break(
        "8",
        "mean instead of sum",
        CMAF,
        "weight, maps[name])",
        "weight / len(self.branches), maps[name])",
        "network/test_cmaf.py",
    ),
    Break(
        "8",
        "one weight for all branches",
        CMAF,
        "self.weights(maps).split(1, dim=1)",
        "self.weights(maps)[:, [0] * len(self.branches)].split(1, dim=1)",
        "network/test_cmaf.py",
    ),
    Break(
        "9",
        "the covariance is always positive",
        TDA,
        "rng.choice([-1.0, 1.0])",
        "1.0",
        "augment/test_class_gaussian.py",
    ),
    Break(
        "9",
        "standard deviations instead of variances",
        TDA,
        "(sigma_x**2).mean()",
        "sigma_x.mean()",
        "augment/test_class_gaussian.py",
    ),
    Break(
        "10",
        "a fixed number of points",
        TDA,
        "size=int(rng.choice(model.totals))",
        "size=300",
        "augment/test_class_gaussian.py",
    ),
    Break(
        "11",
        "F1 without recall",
        METRICS,
        "for column in scores[:3]",
        "for column in (*scores[:2], scores[0])",
        "evaluation/test_metrics.py",
    ),
    Break(
        "12",
        "the maximum over the classes instead of the mean",
        METRICS,
        "sum(known) / len(known)",
        "max(known)",
        "evaluation/test_metrics.py",
    ),
)


def passes(source: Path, tests: str) -> bool:
    """Whether the test file passes with the package in `source`."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", str(ROOT / "tests" / tests)]
    env = os.environ | {"PYTHONPATH": str(source)}
    return subprocess.run(command, capture_output=True, cwd=ROOT, env=env, check=False).returncode == 0


def noticed(item: Break, source: Path) -> bool:
    """Make the change in the copy, run the tests, undo the change, and return whether the tests failed."""
    file = source / "triptych" / item.file
    whole = file.read_text(encoding="utf-8")
    if whole.count(item.before) != 1:
        raise SystemExit(f"{item.file}: {item.before!r} occurs {whole.count(item.before)} times instead of once")
    file.write_text(whole.replace(item.before, item.after), encoding="utf-8")
    try:
        return not passes(source, item.tests)
    finally:
        file.write_text(whole, encoding="utf-8")


def main() -> None:
    """Run the benchmark, print the result and write it."""
    argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0]).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "src"
        shutil.copytree(ROOT / "src" / "triptych", source / "triptych")
        for tests in sorted({item.tests for item in BREAKS}):
            if not passes(source, tests):
                raise SystemExit(f"tests/{tests} fails before anything is broken")
        rows = []
        for item in BREAKS:
            rows.append(
                {
                    "equation": item.equation,
                    "change": item.change,
                    "tests": item.tests,
                    "noticed": noticed(item, source),
                }
            )
            print(rows[-1], flush=True)
    facts = environment()
    lines = [
        "# Tests with broken equations",
        "",
        "| equation | change | tests | detected |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {r['equation']} | {r['change']} | `tests/{r['tests']}` | {'yes' if r['noticed'] else '**no**'} |"
        for r in rows
    ]
    write_result(
        "broken_equations", {"breaks": rows, "machine": facts}, "\n".join([*lines, "", environment_line(facts), ""])
    )
    raise SystemExit(0 if all(r["noticed"] for r in rows) else 1)


if __name__ == "__main__":
    main()

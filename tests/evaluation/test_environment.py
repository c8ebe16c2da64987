import subprocess

from triptych.evaluation.environment import environment, environment_line


def test_it_names_the_commit_of_the_checkout_and_the_versions():
    facts = environment()
    head = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    assert facts["commit"] == (head.stdout.strip() or "no checkout")
    assert {"platform", "cores", "python", "torch", "triptych"} <= set(facts)


def test_a_line_holds_every_fact():
    assert environment_line({"commit": "abc", "cores": 2}) == "Measured on: commit abc, cores 2."

"""Trains AutoGluon-Tabular on one table and predicts another; runs in an environment without Triptych.

    python autogluon_script.py TRAIN.csv TEST.csv PREDICTED.csv SECONDS

The last line of standard output names the version of AutoGluon and its models.
"""

import sys

PRESET = "best_quality"  # bagging and stacking; the most accurate preset for small tables


def main(train: str, test: str, predicted: str, seconds: str) -> None:
    """Fit, predict, and write a table with the columns `label` and `p_<class>`."""
    import autogluon.tabular
    import pandas as pd

    known = pd.read_csv(train, dtype={"label": str}, keep_default_na=True)
    predictor = autogluon.tabular.TabularPredictor("label", path="models", eval_metric="f1_macro", verbosity=0)
    predictor.fit(known, presets=PRESET, time_limit=float(seconds), dynamic_stacking=False, num_cpus=1)
    asked = pd.read_csv(test)
    labels, shares = predictor.predict(asked).to_frame("label"), predictor.predict_proba(asked).add_prefix("p_")
    labels.join(shares).to_csv(predicted, index=False)
    models = " ".join(predictor.model_names())
    sys.stdout.write(f"\nAutoGluon {autogluon.tabular.__version__}, {PRESET}, {seconds} s: {models}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Learns from one table and labels another with AutoGluon-Tabular; runs where Triptych is not installed.

    python autogluon_script.py TRAIN.csv TEST.csv SAID.csv SECONDS

The last line on standard output says which version ran, and which models were in it.
"""

import sys

PRESET = "best_quality"  # bagged and stacked; the most accurate of those for small tables


def main(train: str, test: str, predicted: str, seconds: str) -> None:
    """Fit, predict, and write a table with the column `label` and the columns `p_<class>`."""
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

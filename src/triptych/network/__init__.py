"""The paper's network: branches, warm-up, progressive alignment (PFA) and fusion (CMAF)."""

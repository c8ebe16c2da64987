"""The report of a run: one HTML file that opens from disk, without a network, on any device."""

from triptych.report.data import ReportData, ReportRecord
from triptych.report.html import write_report

__all__ = ["ReportData", "ReportRecord", "write_report"]

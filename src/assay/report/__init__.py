"""Reports: the numbers of a study's runs as one page to read, or as JSON."""

from assay.report.data.gather import report_data
from assay.report.pages.write import write_report

__all__ = ["report_data", "write_report"]

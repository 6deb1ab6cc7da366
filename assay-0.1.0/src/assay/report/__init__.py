"""Reports: the numbers of a study's runs as one page to read, or as JSON."""

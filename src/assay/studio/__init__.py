"""The studio: studies and runs in a browser, over a local server. The extra `assay[studio]`.

`shown` is what may be looked at, `answers` says it as JSON and pictures, `guard` decides who is
answered, `app` and `serve` are the server, and `page/` is what the browser gets. No PyTorch is
loaded until weights are asked for.
"""

"""Claims: the numbers behind them, from the runs in a store."""

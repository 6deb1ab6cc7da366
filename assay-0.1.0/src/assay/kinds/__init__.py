"""What an experiment trains: one package for each kind."""

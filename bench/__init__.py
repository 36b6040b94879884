"""Programs that measure. Each prints its figures beside a floor that it measured in the same run."""

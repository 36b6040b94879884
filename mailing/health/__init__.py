"""Whether all is well, and if not, what to do: the checks behind /readyz and `mailing doctor`."""

"""The indices of an installation: creation, rebuild, rollback, locks and status."""

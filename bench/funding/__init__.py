"""Who pays: the CPU of verdicts, and a check of answers over a generated catalogue."""

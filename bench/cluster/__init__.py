"""What searches and statements notice of a cluster that loses nodes."""

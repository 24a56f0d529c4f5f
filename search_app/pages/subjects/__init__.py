"""What the pages of the portal are about: jobs, domains, territories, trainings, with their counts."""

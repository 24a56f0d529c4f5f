"""The portal: pages for jobs, domains, territories and trainings, without parameters, for people and crawlers."""

"""What the query module keeps: after a load, once a day, the measures by place, domain, funder and month."""

"""What people say of runs, and how they look at them: kept in one text file per logdir. docs/manage.md tells of it."""

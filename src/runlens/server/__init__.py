"""HTTP only: routes, live push and headers over `api`."""

"""The interface for programs, `/api/v1`: one table of operations makes both its routes and its OpenAPI document."""

"""The history in a database: SQLite by default, PostgreSQL for many hosts. One schema serves both."""

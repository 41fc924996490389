"""What Alembic runs: all steps on the connection, and in the transaction, that `migrate` has opened."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
context.run_migrations()

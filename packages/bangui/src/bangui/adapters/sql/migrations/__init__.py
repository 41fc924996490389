"""The steps from each schema of the history to the next, run by `bangui.adapters.sql.migrate`."""

"""The one way into the record: record -> verify -> resolve -> store."""

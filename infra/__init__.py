"""The mailbox, the post, the store, the vault, the key store, text extraction, settings, the clock."""

"""Where the company keeps personal data: read-only connectors, each with its own read-only client."""

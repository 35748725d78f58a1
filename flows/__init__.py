"""Order, retries, schedules, waiting for people, and the place of wiring. The only importer of Prefect."""

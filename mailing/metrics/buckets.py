"""The bounds of histograms, in seconds unless they count things."""

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""What should take milliseconds: statements, operations, a way through the process."""

SLOW = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""What may take seconds: the provider, whose requests end at the latest with MAILING_PROVIDER_TIMEOUT_SECONDS; jobs."""

LATE = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)
"""What comes late: a second is normal, minutes are an incident."""

SIZES = (0.0, 1.0, 10.0, 50.0, 100.0, 200.0, 300.0, 500.0, 1000.0, 5000.0)
"""Messages in one statement."""

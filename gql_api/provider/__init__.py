"""The provider's health in the API."""

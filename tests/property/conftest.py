"""Examples are not timed: the machines that run the tests are busy with other things."""

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# Its assertions are to be shown with their values, as those of a test are.
pytest.register_assert_rewrite("tests.property.proof")

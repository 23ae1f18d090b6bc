"""The templates of all routes, apart from the framework: the log names a request by one of these."""

from __future__ import annotations

HEALTHY = "/-/healthy"
READY = "/-/ready"

API = "/api/v1"
TOKEN = f"{API}/token"
DISTRICTS = f"{API}/districts"
SCHOOLS = f"{API}/schools"
GRADES = f"{API}/grades"
GROUPS = f"{API}/groups"
SCHOOL_YEARS = f"{API}/school-years"
ATTENDANCE = f"{API}/attendance"
BANDS = f"{API}/bands"
PRIOR_YEARS = f"{API}/prior-years"
LATE_SCHOOLS = f"{API}/late-schools"
REASONS = f"{API}/reasons"
REMOTE_DAYS = f"{API}/remote-days"
MHW_DAYS = f"{API}/mhw-days"
MHW_STUDENTS = f"{API}/mhw-students"
PATTERNS = f"{API}/patterns"
FIRST_MONTH = f"{API}/first-month"
COHORTS = f"{API}/cohorts"
PUBLISHED = f"{API}/published"
ALERTS = f"{API}/alerts"
STUDENT_AS_KNOWN = f"{API}/students/as-known"
RELEASES = f"{API}/releases"
RELEASED_BANDS = f"{API}/released/bands"
RELEASED_ATTENDANCE = f"{API}/released/attendance"
RELEASED_ALERTS = f"{API}/released/alerts"

PATHS = (
    HEALTHY, READY, TOKEN, DISTRICTS, SCHOOLS, GRADES, GROUPS, SCHOOL_YEARS, ATTENDANCE, BANDS, PRIOR_YEARS,
    LATE_SCHOOLS, REASONS, REMOTE_DAYS, MHW_DAYS, MHW_STUDENTS, PATTERNS, FIRST_MONTH, COHORTS,
    PUBLISHED, ALERTS, STUDENT_AS_KNOWN, RELEASES, RELEASED_BANDS, RELEASED_ATTENDANCE, RELEASED_ALERTS,
)  # fmt: skip
NO_ROUTE = "none"
"""What the log says of a request that no route takes."""

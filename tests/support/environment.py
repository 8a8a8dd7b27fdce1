"""The variables of which a machine may bring some along. Must not know what they mean."""

from typing import Final

# A test that starts a program must choose these.
CHOSEN: Final = [
    "FIRESTORE_EMULATOR_HOST",
    "FIREBASE_AUTH_EMULATOR_HOST",
    "CLOUD_TASKS_EMULATOR_HOST",
    "FIRESTORE_DATABASE",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_CLOUD_PROJECT",
    "K_REVISION",
    "K_SERVICE",
    "MAINTENANCE_AUDIENCE",
    "MAINTENANCE_SERVICE_ACCOUNT",
    "MAINTENANCE_FANOUT",
    "MAINTENANCE_QUEUE",
    "MAINTENANCE_URL",
    "MAINTENANCE_THREADS",
    "MAINTENANCE_PAGE_USERS",
    "MAINTENANCE_BATCH_USERS",
    "MAINTENANCE_DEADLINE_SECONDS",
    "MAINTENANCE_PACING",
    "MONITORING_AUDIENCE",
    "MONITORING_SERVICE_ACCOUNT",
    "STREAK_APP_CHECK",
    "STREAK_CHECK_REVOKED",
    "STREAK_CORS_ORIGINS",
    "STREAK_GAUGES",
    "STREAK_POLICY_FILE",
    "STREAK_SLOW_MS",
    "STREAK_STORED_FORM",
    "STREAK_TENANT",
    "FUNCTION_TARGET",
    "FUNCTION_SOURCE",
]

# The browser origin that the served functions allow.
ALLOWED_ORIGIN: Final = "https://app.example.com"

"""Django's settings. What differs between machines comes from the environment (see .env.example)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _
from dotenv import load_dotenv

from forfar.env import env
from foundation.db.deadlines import Deadlines, with_deadlines
from foundation.http import security
from foundation.logs import formats as logs

BASE_DIR = Path(__file__).resolve().parent.parent
# Into the environment, so that libraries find what is theirs; what the environment already says wins.
load_dotenv(env.str("ENV_FILE", str(BASE_DIR / ".env")), interpolate=False)

# --- The process ------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.required("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
ROOT_URLCONF = "forfar.urls"
WSGI_APPLICATION = "forfar.wsgi.application"
APPEND_SLASH = False  # a redirected POST would lose its order

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_filters",
    "django_rq",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "simple_history",
    "forfar",
    "foundation",
    "printers",
    "order_systems",
    "events",
    "checks",
    "readers.metrics",
    "readers.webhooks",
    "readers.analytics",
]

MIDDLEWARE = [
    "foundation.http.middleware.CorrelationIdMiddleware",
    "foundation.http.security.ContentSecurityPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.locale.LocaleMiddleware",  # before all that can refuse a request
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "foundation.http.middleware.RequireLengthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "foundation.http.middleware.SessionsForPeople",
    "foundation.http.middleware.RenewalForPeople",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "foundation.http.middleware.UsersForPeople",
    "foundation.http.middleware.MessagesForPeople",
    "foundation.http.middleware.HistoryForPeople",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Storage ----------------------------------------------------------------------------------------

DATABASE_DEADLINES = Deadlines(
    connect=env.number("CONNECT_TIMEOUT_SECONDS", 5, at_least=1),
    statement=env.number("STATEMENT_TIMEOUT_SECONDS", 10),
    lock=env.number("LOCK_TIMEOUT_SECONDS", 5),
    idle_in_transaction=env.number("IDLE_TRANSACTION_TIMEOUT_SECONDS", 30),
)
DATABASES = {
    "default": with_deadlines(
        env.database("DATABASE_URL", "postgres://forfar:forfar@127.0.0.1:5432/forfar"), DATABASE_DEADLINES
    )
    | {
        "ENGINE": "foundation.db.postgresql",  # Django's own PostgreSQL backend with its floor lowered to 9.6
        # No health checks: each would add a query to a request. A broken connection costs one request a 503
        # with Retry-After, or a job an attempt. Then it is replaced.
        "CONN_MAX_AGE": env.number("CONN_MAX_AGE", 60),
    }
}
# Analysts' reads: from a replica if there is one, with less time than other requests have.
ANALYTICS_STATEMENT_TIMEOUT_SECONDS = env.number("ANALYTICS_STATEMENT_TIMEOUT_SECONDS", 5)
if env.str("ANALYTICS_DATABASE_URL", ""):
    DATABASES["analytics"] = with_deadlines(
        env.database("ANALYTICS_DATABASE_URL", ""),
        DATABASE_DEADLINES._replace(statement=ANALYTICS_STATEMENT_TIMEOUT_SECONDS),
    ) | {
        "ENGINE": "foundation.db.postgresql",
        "CONN_MAX_AGE": env.number("CONN_MAX_AGE", 60),
        "TEST": {"MIRROR": "default"},
    }
HORIZON_LIMIT_SECONDS = env.number("HORIZON_LIMIT_SECONDS", 3600)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(BASE_DIR / "media")))
STATIC_ROOT = BASE_DIR / "staticfiles"
STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "foundation.files.AtomicFileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# The cache shares the queue's connections (foundation/redis.py). Its keys are `forfar:1:<name>`.
CACHES = {"default": {"BACKEND": "foundation.cached.RedisCache", "LOCATION": "", "KEY_PREFIX": "forfar"}}

# --- Checks -----------------------------------------------------------------------------------------

LEASE_SECONDS = env.number("LEASE_SECONDS", 120, at_least=1)
RENDER_TIMEOUT_SECONDS = env.number("RENDER_TIMEOUT_SECONDS", 20, at_least=1)
WKHTMLTOPDF_URL = env.address("WKHTMLTOPDF_URL", "", ["http://", "https://"])
WKHTMLTOPDF_BINARY = env.str("WKHTMLTOPDF_BINARY", "wkhtmltopdf")
RENDER_SANDBOX = env.choice("RENDER_SANDBOX", "AUTO", ["AUTO", "ON", "OFF"])
X_ACCEL_PREFIX = env.str("X_ACCEL_PREFIX", "")
PRINTER_SILENT_SECONDS = env.number("PRINTER_SILENT_SECONDS", 60, at_least=1)
MAX_BODY_BYTES = env.number("MAX_BODY_BYTES", 1024 * 1024, at_least=1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES

# --- The log ----------------------------------------------------------------------------------------

SEAL_FILE = env.str("SEAL_FILE", "")  # a copy of the seals outside the database; "": they are only logged

# --- Jobs -------------------------------------------------------------------------------------------

REDIS_URL = env.address("REDIS_URL", "redis://127.0.0.1:6379/0", ["redis://", "rediss://", "unix://"])
_RENDERS = {
    "URL": REDIS_URL,
    # Longer than the renderer's own limit, which should end a job first.
    "DEFAULT_TIMEOUT": RENDER_TIMEOUT_SECONDS + 10,
}
# Renders. Upkeep, which must not wait behind a long queue of renders. Webhooks, whose receivers may be slow.
RQ_QUEUES = {"default": _RENDERS, "upkeep": _RENDERS, "webhooks": _RENDERS}
RQ_SHOW_ADMIN_LINK = False  # foundation/jobs/pages.py guards these pages; the admin's own link would not

# --- Webhooks ---------------------------------------------------------------------------------------

# Networks that webhooks may also go to, with or without TLS. Otherwise only https to public addresses.
WEBHOOK_NETWORKS = env.networks("WEBHOOK_NETWORKS")

# --- The wire ---------------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["foundation.http.parsers.StrictJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "foundation.http.negotiation.IgnoreAcceptNegotiation",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "foundation.http.errors.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "ALLOWED_VERSIONS": ["1.0.0"],
}

SPECTACULAR_SETTINGS = {
    "TITLE": "ForFar",
    "DESCRIPTION": "Checks for orders: create, render, download, print, confirm.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",  # its own default
        "forfar.openapi_links.add_links",
    ],
}

# --- Language and time ------------------------------------------------------------------------------

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.time_zone("TIME_ZONE", "Europe/Moscow")

# --- Security ---------------------------------------------------------------------------------------

TLS = env.bool("TLS", False)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TLS else None
# Health checks and metrics come from inside, not through the proxy that speaks TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_REFERRER_POLICY = "same-origin"
PERMISSIONS_POLICY = security.NO_PERMISSIONS
# How many proxies in front add to X-Forwarded-For. Entries before theirs may be made up by clients.
NUM_PROXIES = env.number("NUM_PROXIES", 1 if TLS else 0)
ORDER_API_OPEN = env.bool("ORDER_API_OPEN", False)
DEFAULT_EXCEPTION_REPORTER = "foundation.logs.error_reports.ExceptionReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "foundation.logs.error_reports.ReporterFilter"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_AGE = env.number("SESSION_SECONDS", 12 * 3600, at_least=60)  # without a click
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "foundation.http.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", [])
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# Lock out one name from one address: others in the same office go on working.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "foundation.http.client_address.client_address"
AXES_LOCKOUT_CALLABLE = "foundation.admin.login_limits.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- History and the admin --------------------------------------------------------------------------

SIMPLE_HISTORY_REVERT_DISABLED = True  # a reverted status would contradict the events
SIMPLE_HISTORY_DATE_INDEX = False
UNFOLD = {
    "SITE_TITLE": "ForFar",
    "SITE_HEADER": "ForFar",
    "SITE_SYMBOL": "receipt_long",
    "SITE_URL": None,  # there is no other site to return to
    "DASHBOARD_CALLBACK": "checks.admin.home.dashboard.dashboard",
    "SIDEBAR": {"navigation": "forfar.navigation.navigation"},
    "STYLES": [lambda _request: static("foundation/admin.css")],
}

# --- Logging ----------------------------------------------------------------------------------------

LOG_FORMAT = env.choice("LOG_FORMAT", "JSON", ["JSON", "LINE"]).lower()
LOGGING = logs.configuration(
    form=LOG_FORMAT, level=env.choice("LOG_LEVEL", "INFO", ["DEBUG", "INFO", "WARNING", "ERROR"])
)

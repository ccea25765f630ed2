"""Django's settings: one file for every installation; what differs comes from the environment (config/env.py)."""

import os
from typing import Any

from csp.constants import NONE, SELF

from config.env import BASE_DIR, read_env

ENV = read_env(dict(os.environ))

# --- What the rooms ask for -------------------------------------------------------------------------------------------
DEMO = ENV.demo
MOVABLE_CLOCK = ENV.movable_clock
CLOCK_FILE = ENV.clock_file
COUNCIL_NAME = ENV.council_name
SUPPORT_EMAIL = ENV.support_email
SITE_URL = ENV.site_url
AUDIT_HEADS_DIR = ENV.audit_heads_dir
AUDIT_SIGNING_KEY = ENV.audit_signing_key
ATTACHMENTS_DIR = ENV.attachments_dir
MAX_UPLOAD_BYTES = ENV.max_upload_bytes
VIRUS_SCANNER = ENV.virus_scanner

# --- Django -----------------------------------------------------------------------------------------------------------
DEBUG = ENV.debug
SECRET_KEY = ENV.secret_key
SECRET_KEY_FALLBACKS = ENV.secret_key_fallbacks
ALLOWED_HOSTS = ENV.allowed_hosts
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # The rooms come first, so that their templates and commands win over those of packages.
    "organisation",
    "casework",
    "documents",
    "commissioning",
    "procurement",
    "contracts",
    "reporting",
    "organisation.apps.GatehouseAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "crispy_forms_gds",
    "csp",
    "django_celery_beat",
    "django_fsm",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "organisation.middleware.PrivatePages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "organisation.middleware.SessionLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    # Before the sign-in is asked for, so that a form which comes too late is kept.
    "organisation.middleware.KeepAnswers",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "organisation.middleware.SecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["organisation.template_loading.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "organisation.context_processors.frame",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database ---------------------------------------------------------------------------------------------------------
# Never ATOMIC_REQUESTS: a write service opens its own transaction, so that it is short and its audit rows come last.
DATABASES = {"default": ENV.database}

# Sign-in throttles (allauth uses the default cache) must be shared by all processes and survive Redis: they live in the
# database. `quick` is this process's own memory; nothing may depend on what it holds.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "throttle_counts",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "quick": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "quick"},
}

# --- Words, dates and places ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# --- People -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organisation.Person"
AUTHENTICATION_BACKENDS = ["organisation.backends.PersonBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name", "job_title", "team")},
    },
]
PASSWORD_RESET_TIMEOUT = 60 * 60

ACCOUNT_ADAPTER = "organisation.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "organisation.adapters.CouncilAccountAdapter"
MFA_ADAPTER = "organisation.adapters.SecondFactorAdapter"
ACCOUNT_FORMS = {
    "login": "organisation.forms.accounts.SignInForm",
    "reauthenticate": "organisation.forms.accounts.ReauthenticateForm",
    "reset_password": "organisation.forms.accounts.ResetPasswordForm",
    "reset_password_from_key": "organisation.forms.accounts.NewPasswordForm",
    "change_password": "organisation.forms.accounts.ChangePasswordForm",
    "set_password": "organisation.forms.accounts.SetPasswordForm",
}
MFA_FORMS = {
    "authenticate": "organisation.forms.accounts.CodeForm",
    "reauthenticate": "organisation.forms.accounts.CodeAgainForm",
    "activate_totp": "organisation.forms.accounts.ActivateAppForm",
    "deactivate_totp": "organisation.forms.accounts.DeactivateAppForm",
    "generate_recovery_codes": "organisation.forms.accounts.RecoveryCodesForm",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 - a class
# Account mail leaves beside the request, so that its time tells nobody whether an account exists.
ACCOUNT_MAIL_BESIDE_REQUEST = True
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if ENV.served_over_tls else "http"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# Wrong tries stop at the sixth for an account. A whole council may come from one address, and opening a page counts
# too, so the limits by address are wide: they only stop a machine that goes through many accounts.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "60/m/ip,6/300s/key",
    "change_password": "20/m/user",
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "120/m/ip",
    # The form that anybody may fill in without an account; a library may send several.
    "public_feedback": "20/h/ip",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # administrators open accounts and vouch for the address
MFA_TOTP_ISSUER = "Gatehouse"
# Administrators, Finance and Legal must have a second factor, except among the invented people of a demonstration.
SECOND_FACTOR_REQUIRED = not DEMO
COUNCIL_ACCOUNT_HAS_SECOND_FACTOR = ENV.entra_second_factor
ALLAUTH_TRUSTED_PROXY_COUNT = ENV.proxies

SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if ENV.entra_client_id:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "entra",
                "name": "Microsoft Entra ID",
                "client_id": ENV.entra_client_id,
                "secret": ENV.entra_client_secret,
                "settings": {"server_url": f"https://login.microsoftonline.com/{ENV.entra_tenant}/v2.0"},
            }
        ]
    }

# --- Sessions, cookies, headers ---------------------------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# A session ends after half an hour of nothing, and after twelve hours whatever happens (organisation.middleware). Its
# record is kept longer than that: it says whose form it is that arrives after the weekend, so the answers can be kept.
SESSION_IDLE_SECONDS = 30 * 60
SESSION_LONGEST_SECONDS = 12 * 60 * 60
SESSION_COOKIE_AGE = 7 * 24 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.served_over_tls
# The __Host- prefix ties a cookie to this host and to TLS; browsers refuse it on plain http.
SESSION_COOKIE_NAME = "__Host-session" if ENV.served_over_tls else "gatehouse_session"
CSRF_COOKIE_NAME = "__Host-csrf" if ENV.served_over_tls else "gatehouse_csrf"
LAST_PERSON_COOKIE_NAME = "__Host-last-person" if ENV.served_over_tls else "gatehouse_last_person"
KNOWN_BROWSER_COOKIE_NAME = "__Host-known" if ENV.served_over_tls else "gatehouse_known"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "organisation.views.errors.csrf_failure"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_SSL_REDIRECT = ENV.served_over_tls
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # the load balancer asks inside the network, without TLS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if ENV.served_over_tls else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENV.served_over_tls
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.proxies else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Browsers check where a form is sent on to as well: the council's own sign-in page stands elsewhere.
        "form-action": [SELF, *(["https://login.microsoftonline.com"] if ENV.entra_client_id else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# --- Static files and uploads -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = ENV.static_root
STORAGES = {
    # Nothing of ours goes through the default storage: attachments live in ATTACHMENTS_DIR, behind a view of documents.
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
FILE_UPLOAD_HANDLERS = ["documents.uploads.BoundedUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- Mail -------------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.email_from
EMAIL_BACKEND = ENV.email.get("EMAIL_BACKEND", "casework.mail_backend.OutboxBackend")
EMAIL_HOST = ENV.email.get("EMAIL_HOST", "")
EMAIL_PORT = ENV.email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = ENV.email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = ENV.email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = ENV.email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = ENV.email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20

# --- Jobs -------------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = ENV.redis_url or "filesystem://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"visibility_timeout": 3600}
if not ENV.redis_url:
    # No server needed: messages are files. Fit for one machine.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(ENV.var_dir / "broker" / "messages"),
        "data_folder_out": str(ENV.var_dir / "broker" / "messages"),
        "control_folder": str(ENV.var_dir / "broker" / "control"),
        "store_processed": False,
    }
    # A message may be sent before any worker has made the folders.
    for folder in ("messages", "control"):
        (ENV.var_dir / "broker" / folder).mkdir(parents=True, exist_ok=True)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 5
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ALWAYS_EAGER = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False

# --- Forms ------------------------------------------------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = ["gds"]
CRISPY_TEMPLATE_PACK = "gds"
CRISPY_CLASS_CONVERTERS = {"numberinput": "govuk-input", "urlinput": "govuk-input"}

# --- Logs -------------------------------------------------------------------------------------------------------------
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "config.logs.OneLine", "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "json": {"()": "config.logs.Json"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": ENV.log_format}},
    "root": {"handlers": ["console"], "level": ENV.log_level},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # WeasyPrint and fontTools tell of every font table at INFO.
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}

SILENCED_SYSTEM_CHECKS: list[str] = []

"""The settings of one installation, read from MATCHMAKER_* variables."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


Encryption = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, from whom it comes, and where its links lead."""

    host: str
    port: int
    encryption: Encryption
    user: str
    password: SecretStr
    sender: str
    public_url: str

    @property
    def domain(self) -> str:
        """The name under which this installation numbers its messages."""
        return urlsplit(self.public_url).hostname or "localhost"


class Settings(BaseSettings):
    """What an operator may set; `demo` makes its own secret and shows the demo accounts."""

    model_config = SettingsConfigDict(env_prefix="MATCHMAKER_", env_file=".env", extra="ignore")

    demo: bool = False
    secret_key: SecretStr | None = Field(default=None, min_length=32)
    data_dir: Path = ROOT / "var"
    database_url: str = ""
    trusted_hosts: list[str] = Field(default_factory=list)
    secure_cookies: bool | None = None
    locale: str = "zh"
    sign_in_idle_minutes: int = Field(default=120, ge=5)
    sign_in_hours: int = Field(default=12, ge=1)
    log_level: str = "INFO"
    allow_sample_codes: bool | None = None
    upload_megabytes: int = Field(default=20, ge=1, le=200)
    evidence_megabytes: int = Field(default=10, ge=1, le=50)
    public_url: str = ""
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_tls: Encryption = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        self.data_dir = self.data_dir.expanduser().resolve()
        if not self.database_url:
            self.database_url = f"sqlite:///{self.data_dir / 'matchmaker.db'}"
        if self.secret_key is None:
            if not self.demo:
                raise ValueError("MATCHMAKER_SECRET_KEY must be set (32 characters or more) outside demo mode")
            self.secret_key = SecretStr(_demo_secret(self.data_dir))
        if self.secure_cookies is None:
            self.secure_cookies = not self.demo
        if self.allow_sample_codes is None:
            self.allow_sample_codes = self.demo
        self._check_mail()
        return self

    def _check_mail(self) -> None:
        self.public_url = self.public_url.rstrip("/")
        if not self.smtp_host:
            return
        if "@" not in parseaddr(self.smtp_from)[1]:
            raise ValueError("MATCHMAKER_SMTP_FROM must be a mail address when MATCHMAKER_SMTP_HOST is set")
        if urlsplit(self.public_url).scheme not in ("http", "https"):
            raise ValueError("MATCHMAKER_PUBLIC_URL must be this site's address when MATCHMAKER_SMTP_HOST is set")

    @property
    def mail(self) -> MailServer | None:
        """The mail server, or None when mail is not set up."""
        if not self.smtp_host:
            return None
        return MailServer(
            self.smtp_host,
            self.smtp_port,
            self.smtp_tls,
            self.smtp_user,
            self.smtp_password,
            self.smtp_from,
            self.public_url,
        )

    @property
    def secret(self) -> str:
        """The key that signs cookies and links."""
        assert self.secret_key is not None  # noqa: S101 -- the validator above refuses to leave it empty
        return self.secret_key.get_secret_value()

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite")


def _demo_secret(data_dir: Path) -> str:
    """A secret of this demo's own, the same for all its processes and restarts."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / "demo-secret"
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")

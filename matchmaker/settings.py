"""The settings of one installation, read from MATCHMAKER_* variables."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


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
        return self

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

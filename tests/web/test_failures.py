"""What a reader is told when the installation cannot answer."""

from __future__ import annotations

from sqlalchemy.exc import OperationalError


def test_a_database_too_busy_to_answer_asks_to_be_tried_again(app, client) -> None:
    def busy() -> None:
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    app.view_functions["operations.health"] = busy

    answer = client.get("/healthz")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "database is locked" not in answer.get_data(as_text=True)

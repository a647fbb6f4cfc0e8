"""A first look: the record is served."""

from fastapi.testclient import TestClient


def test_all_positions_of_the_first_article_are_served(client: TestClient) -> None:
    answer = client.get("/positions")
    assert answer.status_code == 200
    assert answer.json()["meta"]["total"] == 13


def test_a_list_takes_a_constant_number_of_statements(
    client: TestClient, statements: list[str]
) -> None:
    client.get("/v1/positions?limit=1")
    few = len(statements)
    statements.clear()
    client.get("/v1/positions?limit=200")
    assert few == len(statements) == 6

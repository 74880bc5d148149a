"""How many contacts lists say that they have: a number that lags behind the contacts that are on them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sql_seg.server.emulated_account import EmulatedAccount

LAG = timedelta(seconds=30)
"""How far it lags [recorded: it does; our choice: how far]."""


def count_later(account: EmulatedAccount, list_ids: Iterable[str]) -> None:
    """Have the contacts of lists counted, some time after they came or went."""
    ids = sorted(set(list_ids))
    if ids:
        account.schedule("count_lists", {"ids": ids}, LAG)


def count_again(account: EmulatedAccount, data: Any, _: datetime) -> None:
    """Do what ``count_later`` asked for."""
    for list_id in data["ids"]:
        if account.store.get("list", list_id) is not None:
            account.store.change("list", list_id, count=len(account.contacts_on(list_id)))

"""The usage page and the files of chats, as a person uses them."""

from pathlib import Path

from playwright.sync_api import Locator, Page


class UsagePage:
    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self) -> None:
        self.page.goto(f"{self.url}/gemini/")
        self.page.get_by_role("navigation", name="Основная навигация").get_by_role("link", name="Расход").click()

    def table(self, title: str) -> Locator:
        # A section and the region that scrolls in it have the same name.
        return self.page.get_by_role("region", name=title, exact=True).last

    def rows(self, title: str) -> Locator:
        return self.table(title).get_by_role("rowheader")

    def sort(self, title: str, column: str) -> Locator:
        return self.table(title).get_by_role("columnheader", name=column).get_by_role("link")


class TransferPages:
    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def save(self, link: str) -> Path:
        """Follows a link that downloads, and keeps the file under its own name."""
        with self.page.expect_download() as waited:
            self.page.get_by_role("link", name=link).click()
        download = waited.value
        kept = Path(download.path()).with_name(download.suggested_filename)
        download.save_as(kept)
        return kept

    def open_menu(self) -> None:
        self.page.get_by_label("Действия с чатом").click()

    def bring(self, file: Path | dict[str, object], *, copies: bool = False) -> None:
        self.page.goto(f"{self.url}/gemini/import/")
        self.page.get_by_label("Файл выгрузки").set_input_files(file)  # type: ignore[arg-type]
        if copies:
            self.page.get_by_label("добавить ещё раз").check()
        self.page.get_by_role("button", name="Импортировать").click()

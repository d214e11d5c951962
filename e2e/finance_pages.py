"""The finance pages as a person sees them."""

from pathlib import Path

from playwright.sync_api import Locator, Page

FILES = Path(__file__).resolve().parent.parent / "tests" / "finance" / "files"


class FinancePages:
    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self, path: str = "") -> None:
        self.page.goto(f"{self.url}/finance/{path}")

    def bring(self, name: str | dict[str, object]) -> None:
        """Chooses a file (one of the tests' own by its name) and has it read."""
        self.open("import/")
        file = FILES / name if isinstance(name, str) else name
        self.page.get_by_label("Файл", exact=True).set_input_files(file)
        self.page.get_by_role("button", name="Прочитать файл").click()

    def confirm(self) -> None:
        self.page.get_by_role("button", name="Записать новые").click()

    def tab_to(self, field: Locator) -> None:
        """As far as it takes, with the Tab key."""
        for _ in range(40):
            if field.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError("the Tab key does not lead there")

    @property
    def preview(self) -> Locator:
        return self.page.get_by_role("region", name="Что будет записано")

    @property
    def rows(self) -> Locator:
        return self.page.get_by_role("region", name="Операции").locator("tbody tr")

    @property
    def months(self) -> Locator:
        return self.page.get_by_role("img", name="По месяцам")

    @property
    def categories(self) -> Locator:
        return self.page.get_by_role("figure").filter(has_text="Расходы по категориям")

    @property
    def sums(self) -> Locator:
        return self.page.locator("dl").filter(has_text="Приход")

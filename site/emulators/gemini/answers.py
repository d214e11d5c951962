"""What the demo model says: readable Markdown, the same for the same request."""

import re

from emulators.gemini import demo_money, meetings
from emulators.gemini.commands import Commands

TITLE_MARKER = "Придумай короткое название"
CONTINUE_MARKER = "Продолжи свой ответ ровно с того места"

PYTHON = """Вот короткий пример на Python:

```python
def fibonacci(count: int) -> list[int]:
    numbers = [0, 1]
    while len(numbers) < count:
        numbers.append(numbers[-1] + numbers[-2])
    return numbers[:count]


print(fibonacci(10))
```

Функция строит список по одному числу за шаг, поэтому работает за время, пропорциональное `count`.
"""

TABLE = """Сравнение в таблице:

| Вклад | Ставка | Срок | За год с 1 000 BYN |
| --- | ---: | --- | ---: |
| Накопительный | 9,5 % | 6 месяцев | 95,00 BYN |
| Срочный | 12 % | 1 год | 120,00 BYN |
| Валютный | 2,1 % | 1 год | $21.00 |

Срочный выгоднее, если деньги не понадобятся до конца срока.
"""

MATH = """Корни квадратного уравнения \\(ax^2 + bx + c = 0\\) находятся так:

\\[x_{1,2} = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}\\]

Если дискриминант \\(D = b^2 - 4ac\\) отрицателен, действительных корней нет.
"""

MONEY = """По условным курсам:

- $1.50 — это около 4,90 BYN;
- 100 BYN — это около $30.60 или 2 450 ₽;
- 1 234,56 ₽ — это около 50,40 BYN.

Цифры учебные: официальный курс демонстрационная модель не знает.
"""

LIST = """Можно действовать по шагам:

1. **Определите цель.** Одно предложение, с которым согласны все.
2. **Разбейте её на части**, каждую из которых можно показать за неделю.
3. **Проверьте самое сомнительное первым**:
   - попросите коллегу попробовать;
   - запишите, что он понял не так.

> Начать лучше с того, что страшнее всего отложить.
"""

GREETING = """Здравствуйте! Я **демонстрационная модель**: отвечаю заготовленным текстом и показываю, как выглядит
настоящий ответ.

Попросите у меня код, таблицу, формулу или список — или добавьте в настройках свой ключ Gemini.
"""

ENGLISH = """I am a **demo model**: my answers are prepared, and they show what a real one looks like.

You wrote: “{about}”. Ask me for *code*, a *table*, a *formula* or a *list* — or add a Gemini key in the settings.
"""

GENERIC = """Вы спросили: «{about}».

Я **демонстрационная модель**, поэтому по существу ответить не могу, но покажу, как ответ будет выглядеть:

- текст появляется по мере того, как его пишет модель;
- готовые части остаются на месте, их можно выделять и копировать;
- ответ сохраняется на сервере, даже если закрыть вкладку.

{context}Чтобы говорить с настоящей моделью, добавьте в настройках ключ Gemini.
"""

SECTION = """## {number}. {title}

Этот раздел написан, чтобы ответ вышел длинным: так видно, что страница не прыгает, а прокрутка слушается читателя. \
Каждый абзац, когда он закончен, остаётся на месте, и меняется только последний. Если закрыть вкладку, ответ \
допишется без неё; если нажать «Остановить», останется то, что уже написано.

Второй абзац раздела «{title}» говорит о том же другими словами и добавляет *курсив*, **жирный текст** и `код` для \
разнообразия. Числа вроде 1 234,56 ₽ и $19.99 остаются числами.

"""
SECTIONS = ("Вступление", "Зачем это нужно", "Как это устроено", "На что обратить внимание", "Пример", "Ошибки", "Итог")
LONG = "# Подробный ответ\n\n" + "".join(
    SECTION.format(number=number, title=title) for number, title in enumerate(SECTIONS, 1)
)

BY_WORD = (
    (("длинн", "подробн"), LONG),
    (("python", "питон", "код"), PYTHON),
    (("таблиц", "сравн"), TABLE),
    (("формул", "матем", "уравнен"), MATH),
    (("курс", "рубл", "доллар", "сколько стоит"), MONEY),
    (("список", "шаг", "план"), LIST),
    (("привет", "здравств", "добрый"), GREETING),
)


def answer(commands: Commands, *, turns: int, system: str, key: str) -> str:
    """The text for a prompt in a conversation of so many turns."""
    if TITLE_MARKER in system:
        return title(commands.text)
    if "echo" in commands.named:
        return commands.text
    if "key" in commands.named:
        return key[-4:]
    if "words" in commands.named:
        count = int(commands.number("words", 0))
        # A paragraph in every ten words, so that there are blocks to finish.
        return " ".join(f"слово{n}" + ("\n\n" if n % 10 == 0 and n < count else "") for n in range(1, count + 1))
    if demo_money.is_asked(commands.text):
        return demo_money.answer(commands.text)
    if meetings.MARKER in commands.text:
        return meetings.answer(commands.text)
    asked = commands.text.lower()
    for words, text in BY_WORD:
        if any(word in asked for word in words):
            return text
    about = shortened(commands.text)
    if asked and not re.search("[а-яё]", asked):
        return ENGLISH.format(about=about)
    context = f"Это ваше сообщение номер {(turns + 1) // 2} в этой беседе. " if turns > 1 else ""
    context += "Системную инструкцию я вижу. " if system else ""
    return GENERIC.format(about=about, context=context + "\n\n" if context else "")


def title(text: str) -> str:
    words = re.findall(r"\w+", text)[:4]
    return " ".join(words).capitalize() or "Беседа"


def shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else line[:120] + "…"


def count_tokens(text: str) -> int:
    """About four characters a token, as Google estimates it."""
    return max(1, len(text) // 4)

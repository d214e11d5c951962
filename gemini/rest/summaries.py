"""What each operation does, in a line, and the heading that it stands under: for the schema's readers."""

SESSIONS, MESSAGES, ANSWERS = "Сессии чата", "Сообщения", "Отдельные запросы"

# (basename of the route, action) → summary.
SUMMARIES = {
    ("chat-session", "list"): "Список сессий чата",
    ("chat-session", "create"): "Создание сессии чата",
    ("chat-session", "retrieve"): "Получение сессии чата с её сообщениями",
    ("chat-session", "update"): "Обновление названия и активности",
    ("chat-session", "partial_update"): "Обновление названия или активности",
    ("chat-session", "destroy"): "Удаление сессии чата; идущий ответ останавливается",
    ("chat-session", "send_message"): "Отправка сообщения: ждёт ответа",
    ("chat-session", "messages"): "Сообщения сессии",
    ("chat-session", "clear_history"): "Очистка истории сообщений",
    ("chat-session", "my_sessions"): "Мои сессии",
    ("chat-session", "stats"): "Статистика моих сессий",
    ("chat-session", "reply"): "Состояние последнего ответа",
    ("chat-session", "stop"): "Остановка идущего ответа; его текст остаётся",
    ("chat-session", "retry"): "Повтор последнего неудачного ответа: ждёт нового",
    ("chat-message", "list"): "Список сообщений",
    ("chat-message", "create"): "Добавление сообщения, на которое никто не отвечает",
    ("chat-message", "retrieve"): "Получение сообщения",
    ("chat-message", "update"): "Изменение текста",
    ("chat-message", "partial_update"): "Изменение текста",
    ("chat-message", "destroy"): "Удаление сообщения",
    ("chat-message", "recent"): "Последние сообщения, старые раньше новых; без страниц",
    ("api", "analyze_text"): "Анализ текста",
    ("api", "generate_response"): "Генерация ответа",
    ("api", "stats"): "Статистика API; для персонала — по всему сайту",
}
TAGS = {"chat-session": SESSIONS, "chat-message": MESSAGES, "api": ANSWERS}

"""The shapes of the calendar's REST API."""

from datetime import date, timedelta
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from google_oauth.periods import EARLIEST, LATEST, LONGEST, Period, today
from google_oauth.prompts import MAX_QUESTION

WEEK = 7
WRONG_DAY = "Ожидается день в виде ГГГГ-ММ-ДД, от 1990 до 2099 года."
NOT_A_STRING = "Значение должно быть строкой."
# Said in the schema as strictly as it is checked.
DAY = {"type": "string", "format": "date", "pattern": r"^(199[0-9]|20[0-9]{2})-[0-9]{2}-[0-9]{2}$"}
DAYS = {"type": "integer", "minimum": 1, "maximum": LONGEST, "default": WEEK}
QUESTION = {"type": "string", "maxLength": MAX_QUESTION, "pattern": r"^[^\x00]*$"}


@extend_schema_field(DAY)
class DayField(serializers.DateField):
    default_error_messages = {"invalid": WRONG_DAY, "datetime": WRONG_DAY}

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str):
            self.fail("invalid", format="")
        day = super().to_internal_value(value)
        return day if EARLIEST <= day < LATEST else self.fail("invalid", format="")


@extend_schema_field(DAYS)
class DaysField(serializers.IntegerField):
    """In a body a number and nothing that could be taken for one."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, (bool, str)):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field(QUESTION)
class QuestionField(serializers.CharField):
    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError(NOT_A_STRING)
        return super().to_internal_value(data)


class PeriodSerializer(serializers.Serializer[Any]):
    """`from` is a word of Python, so that the fields are named where they are made."""

    days_field: type[serializers.IntegerField] = serializers.IntegerField

    def get_fields(self) -> dict[str, Any]:
        return {
            "from": DayField(required=False, help_text="Первый день; без него — понедельник этой недели"),
            "days": self.days_field(default=WEEK, min_value=1, max_value=LONGEST, help_text="Сколько дней"),
            **super().get_fields(),
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        first = attrs.get("from") or Period.around(today(), "week").first
        return {**attrs, "period": Period(first, first + timedelta(days=attrs["days"] - 1))}


class CalendarAnalyzeSerializer(PeriodSerializer):
    days_field = DaysField
    question = QuestionField(
        required=False, allow_blank=True, max_length=MAX_QUESTION, help_text="Что узнать; без него — общий разбор"
    )


class CalendarStatusSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(
        choices=["connected", "not_connected", "reconnect_required", "not_configured"],
        help_text="Подключить календарь можно только в браузере: на странице `/calendar/`",
    )
    message = serializers.CharField(help_text="То же словами, и что делать")
    account = serializers.CharField(allow_null=True, help_text="Адрес подключённой учётной записи Google")
    connected_at = serializers.DateTimeField(allow_null=True)
    emulated = serializers.BooleanField(help_text="Отвечает эмулятор: события выдуманы")


class CalendarAttendeeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    response = serializers.CharField(help_text="`accepted`, `declined`, `tentative`, `needsAction`")
    optional = serializers.BooleanField()
    room = serializers.BooleanField()


class CalendarEventSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField(help_text="Пусто, когда названия нет или оно скрыто")
    starts_at = serializers.DateTimeField(source="starts")
    ends_at = serializers.DateTimeField(source="ends", help_text="Не включая; у события на весь день — полночь")
    all_day = serializers.BooleanField()
    kind = serializers.CharField(help_text="Тип события по Google: `default`, `focusTime`, `outOfOffice`, …")
    status = serializers.CharField(help_text="`confirmed` или `tentative`")
    response = serializers.CharField(help_text="Ваш ответ на приглашение; пусто, если его не было")
    busy = serializers.BooleanField(help_text="Занимает ли время")
    recurring = serializers.BooleanField()
    moved = serializers.BooleanField(help_text="Перенесено ли это повторение")
    place = serializers.CharField()
    description = serializers.CharField(help_text="Текст без разметки, до 1000 знаков")
    organizer = serializers.CharField(help_text="Пусто, если это вы")
    attendees = CalendarAttendeeSerializer(many=True)
    more_attendees = serializers.BooleanField(help_text="Есть ли участники, которых здесь нет")
    link = serializers.CharField(help_text="Событие в Google Календаре")
    call = serializers.CharField(help_text="Видеовстреча; пусто, если её нет")


class CalendarListingSerializer(serializers.Serializer[Any]):
    time_zone = serializers.CharField()
    as_of = serializers.DateTimeField(help_text="Когда это сказал Google")
    stale = serializers.BooleanField(help_text="Google сейчас не отвечает, это прежний ответ")
    message = serializers.CharField(help_text="Почему прежний; иначе пусто")
    truncated = serializers.BooleanField(help_text="Событий больше, чем показано")
    count = serializers.IntegerField()
    results = CalendarEventSerializer(many=True)

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.DateField(), "to": serializers.DateField(), **super().get_fields()}


class CalendarSlotSerializer(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField(source="starts")
    ends_at = serializers.DateTimeField(source="ends")


class CalendarDaySerializer(serializers.Serializer[Any]):
    date = serializers.DateField()
    meetings = serializers.IntegerField()
    busy_minutes = serializers.SerializerMethodField()
    share = serializers.IntegerField(help_text="Процентов рабочего времени")
    free = CalendarSlotSerializer(many=True)

    def get_busy_minutes(self, day: Any) -> int:
        return int(day.busy.total_seconds()) // 60


class CalendarOverlapSerializer(serializers.Serializer[Any]):
    first = serializers.CharField(source="first.id")
    second = serializers.CharField(source="second.id")
    starts_at = serializers.DateTimeField(source="slot.starts")
    ends_at = serializers.DateTimeField(source="slot.ends")


class CalendarReportSerializer(serializers.Serializer[Any]):
    """What was computed before the model was asked."""

    meetings = serializers.IntegerField()
    busy_minutes = serializers.SerializerMethodField()
    share = serializers.IntegerField(help_text="Процентов рабочего времени")
    days = CalendarDaySerializer(many=True)
    overlaps = CalendarOverlapSerializer(many=True)
    next_meeting = CalendarEventSerializer(allow_null=True)

    def get_busy_minutes(self, report: Any) -> int:
        return int(report.busy.total_seconds()) // 60


class CalendarAnalysisSerializer(serializers.Serializer[Any]):
    response = serializers.CharField(help_text="Ответ модели")
    sent = serializers.CharField(help_text="Что ей было отправлено")
    session_id = serializers.IntegerField(help_text="Сессия чата, в которой всё это сохранено")
    user_message_id = serializers.IntegerField()
    assistant_message_id = serializers.IntegerField()
    report = CalendarReportSerializer()


class CalendarDisconnectedSerializer(serializers.Serializer[Any]):
    status = serializers.CharField(default="disconnected")
    revoked = serializers.BooleanField(help_text="Подтвердил ли Google отзыв доступа")

from django.urls import path
from rest_framework.parsers import MultiPartParser
from rest_framework.routers import SimpleRouter

from finance.rest.views import FinanceApiViewSet, SalaryViewSet, TransactionViewSet

app_name = "finance-rest"

router = SimpleRouter()
router.register("transactions", TransactionViewSet, basename="finance-transaction")
router.register("salaries", SalaryViewSet, basename="finance-salary")

upload = FinanceApiViewSet.as_view({"post": "import_file"}, parser_classes=[MultiPartParser], detail=False)

urlpatterns = [
    *router.urls,
    path("import/", upload, name="finance-import"),
    path("summary/", FinanceApiViewSet.as_view({"get": "summary"}, detail=False), name="finance-summary"),
    path("analyze/", FinanceApiViewSet.as_view({"post": "analyze"}, detail=False), name="finance-analyze"),
]

from django.urls import path

from finance.web import analysis, imports, salaries, sample, transactions

app_name = "finance"

urlpatterns = [
    path("", transactions.transactions, name="transactions"),
    path("transactions/new/", transactions.create_transaction, name="transaction-create"),
    path("transactions/category/", transactions.categorize, name="transaction-categorize"),
    path("transactions/<int:transaction_id>/", transactions.transaction, name="transaction"),
    path("transactions/<int:transaction_id>/delete/", transactions.delete_transaction, name="transaction-delete"),
    path("salaries/", salaries.salaries, name="salaries"),
    path("salaries/new/", salaries.create_salary, name="salary-create"),
    path("salaries/<int:salary_id>/", salaries.salary, name="salary"),
    path("salaries/<int:salary_id>/delete/", salaries.delete_salary, name="salary-delete"),
    path("import/", imports.imports, name="imports"),
    path("import/transactions.csv", imports.transactions_template, name="import-transactions-template"),
    path("import/salaries.csv", imports.salaries_template, name="import-salaries-template"),
    path("import/<int:batch_id>/", imports.import_preview, name="import"),
    path("import/<int:batch_id>/columns/", imports.name_columns, name="import-columns"),
    path("import/<int:batch_id>/confirm/", imports.confirm_import, name="import-confirm"),
    path("import/<int:batch_id>/delete/", imports.delete_import, name="import-delete"),
    path("analysis/", analysis.analysis, name="analysis"),
    path("sample/", sample.load_sample, name="sample-load"),
]

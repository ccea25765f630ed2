"""The addresses of this room."""

from django.urls import path

from procurement.views import exercises, requests, tenders

app_name = "procurement"

urlpatterns = [
    path("commissions/<int:pk>/requests/new/", requests.OpenRequestPage.as_view(), name="request_open"),
    path("requests/<int:pk>/", requests.RequestPage.as_view(), name="request"),
    path("requests/<int:pk>/budget/", requests.AskBudgetPage.as_view(), name="request_budget"),
    path("requests/<int:pk>/help/", requests.AskHelpPage.as_view(), name="request_help"),
    path("requests/<int:pk>/do/<slug:verb>/", requests.RequestVerbPage.as_view(), name="procurementrequest_verb"),
    path("commissions/<int:pk>/exercises/new/", exercises.OpenExercisePage.as_view(), name="open_exercise"),
    path("exercises/<int:pk>/", exercises.ExercisePage.as_view(), name="exercise"),
    path("exercises/<int:pk>/suppliers/add/", exercises.AskSupplierPage.as_view(), name="ask_supplier"),
    path("exercises/<int:pk>/quotes/add/", exercises.RecordQuotePage.as_view(), name="record_quote"),
    path("exercises/<int:pk>/decision/", exercises.DecisionPage.as_view(), name="decision"),
    path("exercises/<int:pk>/tender/", tenders.TenderPage.as_view(), name="tender"),
    path("exercises/<int:pk>/criteria/", tenders.CriteriaPage.as_view(), name="criteria"),
    path("exercises/<int:pk>/standstill/", tenders.StandstillPage.as_view(), name="standstill"),
    path("exercises/<int:pk>/challenges/add/", tenders.ChallengePage.as_view(), name="challenge"),
    path("exercises/<int:pk>/challenges/<int:challenge>/", tenders.SettlePage.as_view(), name="settle_challenge"),
    path("exercises/<int:pk>/do/<slug:verb>/", exercises.ExerciseVerbPage.as_view(), name="exercise_verb"),
]

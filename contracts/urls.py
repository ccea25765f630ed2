"""The addresses of this room."""

from django.urls import path

from contracts.views import contracts, handovers, indicators, mobilisation, register

app_name = "contracts"

urlpatterns = [
    path("contracts/", register.RegisterPage.as_view(), name="register"),
    path("contracts/<int:pk>/", contracts.ContractPage.as_view(), name="contract"),
    path("contracts/<int:pk>/facts/", contracts.FactsPage.as_view(), name="facts"),
    path("contracts/<int:pk>/history/", contracts.HistoryPage.as_view(), name="history"),
    path("contracts/<int:pk>/do/<slug:verb>/", contracts.ContractVerbPage.as_view(), name="contract_verb"),
    path("contracts/<int:pk>/handover/", handovers.HandoverPage.as_view(), name="handover"),
    path("handovers/parts/<int:pk>/", handovers.HandoverPartPage.as_view(), name="handover_part"),
    path("handovers/<int:pk>/do/<slug:verb>/", handovers.HandoverVerbPage.as_view(), name="handover_verb"),
    path("contracts/<int:pk>/indicators/", indicators.IndicatorsPage.as_view(), name="indicators"),
    path("contracts/<int:pk>/indicators/add/", indicators.AddIndicatorPage.as_view(), name="add_indicator"),
    path(
        "contracts/<int:pk>/indicators/<slug:interval>/<int:number>/",
        indicators.ReadingsPage.as_view(),
        name="readings",
    ),
    path("indicators/<int:pk>/", indicators.ChangeIndicatorPage.as_view(), name="indicator"),
    path("mobilisation/<int:pk>/", mobilisation.MobilisationPage.as_view(), name="mobilisation"),
    path("mobilisation/<int:pk>/tasks/add/", mobilisation.AddTaskPage.as_view(), name="add_task"),
    path("mobilisation/tasks/<int:pk>/", mobilisation.ChangeTaskPage.as_view(), name="task"),
    path("mobilisation/tasks/<int:pk>/done/", mobilisation.FinishTaskPage.as_view(), name="task_done"),
    path("mobilisation/tasks/<int:pk>/reopen/", mobilisation.ReopenTaskPage.as_view(), name="task_reopen"),
]

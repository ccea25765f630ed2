"""The addresses of this room."""

from django.urls import path

from contracts.views import contracts, mobilisation, register

app_name = "contracts"

urlpatterns = [
    path("contracts/", register.RegisterPage.as_view(), name="register"),
    path("contracts/<int:pk>/", contracts.ContractPage.as_view(), name="contract"),
    path("contracts/<int:pk>/facts/", contracts.FactsPage.as_view(), name="facts"),
    path("contracts/<int:pk>/history/", contracts.HistoryPage.as_view(), name="history"),
    path("contracts/<int:pk>/do/<slug:verb>/", contracts.ContractVerbPage.as_view(), name="contract_verb"),
    path("mobilisation/<int:pk>/", mobilisation.MobilisationPage.as_view(), name="mobilisation"),
    path("mobilisation/<int:pk>/tasks/add/", mobilisation.AddTaskPage.as_view(), name="add_task"),
    path("mobilisation/tasks/<int:pk>/", mobilisation.ChangeTaskPage.as_view(), name="task"),
    path("mobilisation/tasks/<int:pk>/done/", mobilisation.FinishTaskPage.as_view(), name="task_done"),
    path("mobilisation/tasks/<int:pk>/reopen/", mobilisation.ReopenTaskPage.as_view(), name="task_reopen"),
]

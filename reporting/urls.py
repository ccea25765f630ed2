"""Where the pages of this room are."""

from django.urls import path

from reporting.views import dashboard, forward, my_work, saved_views, search, upcoming, workplan

app_name = "reporting"

urlpatterns = [
    path("", my_work.MyWork.as_view(), name="my_work"),
    path("commissions/", workplan.Workplan.as_view(), name="workplan"),
    path("commissions/export.csv", workplan.Export.as_view(), name="workplan_export"),
    path("commissions/export.xlsx", workplan.ExportXlsx.as_view(), name="workplan_xlsx"),
    path("commissions/forward/", forward.ForwardPlan.as_view(), name="forward"),
    path("commissions/forward/effort/", forward.ForwardEffort.as_view(), name="forward_effort"),
    path("commissions/forward/contracts/<int:pk>/next/", forward.CreateNext.as_view(), name="create_next"),
    path("commissions/upcoming/", upcoming.Upcoming.as_view(), name="upcoming"),
    path("pipeline/<slug:council>/", upcoming.Pipeline.as_view(), name="pipeline"),
    path("pipeline/<slug:council>.csv", upcoming.PipelineCsv.as_view(), name="pipeline_csv"),
    path("commissions/views/save/", saved_views.SaveView.as_view(), name="save_view"),
    path("commissions/views/<int:pk>/delete/", saved_views.DeleteView.as_view(), name="delete_view"),
    path("dashboard/", dashboard.Dashboard.as_view(), name="dashboard"),
    path("dashboard/asked/", dashboard.Asked.as_view(), name="asked"),
    path("dashboard/<slug:key>.csv", dashboard.DashboardCsv.as_view(), name="dashboard_csv"),
    path("search/", search.Search.as_view(), name="search"),
]
